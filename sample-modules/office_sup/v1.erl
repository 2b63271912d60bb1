%% office_sup, version 1: a supervisor's callback module. A desk, and a lamp that
%% depends on it.
-module(office_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(Count) ->
    {ok, {#{strategy => rest_for_one, intensity => 3},
          [#{id => desk, start => {counter, start_link, [desk, Count]}},
           #{id => lamp, start => {echo_loop, start_link, [lamp, #{echoed => 0}]},
             restart => transient}]}}.
