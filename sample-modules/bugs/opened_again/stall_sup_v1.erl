%% stall_sup, version 1: the stall is number 1.
-module(stall_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => stall_1, start => {stall, start_link, [stall_1, []]}}]}}.
