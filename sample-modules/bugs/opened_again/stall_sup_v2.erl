%% stall_sup, version 2: the stall is number 2.
-module(stall_sup).
-vsn("2").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => stall_2, start => {stall, start_link, [stall_2, []]}}]}}.
