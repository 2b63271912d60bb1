%% office_sup, version 3: the lamp is no longer wanted, and all live and die together.
-module(office_sup).
-vsn("3").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(Count) ->
    {ok, {#{strategy => one_for_all, intensity => 4},
          [#{id => desk, start => {counter, start_link, [desk, Count]}},
           #{id => phone, start => {counter, start_link, [phone, 0]}}]}}.
